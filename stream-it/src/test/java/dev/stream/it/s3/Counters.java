package dev.stream.it.s3;

import dev.stream.it.backend.Requests;
import java.io.IOException;

/** What a server counts. */
interface Counters {

  Requests read() throws IOException;
}
