/** The {@code stream} command. */
@SuppressWarnings("requires-automatic")
module dev.stream.cli {
  requires com.fasterxml.jackson.databind;
  requires dev.stream.api;
  requires dev.stream.core;
  requires info.picocli;
  requires java.sql; // the demo's writer
  requires jdk.unsupported; // signals
  requires me.tongfei.progressbar;
  requires org.slf4j;
  requires static org.jspecify;

  opens dev.stream.cli to
      info.picocli;
}
