/** The {@code stream} command. */
@SuppressWarnings("requires-automatic")
module dev.stream.cli {
  requires com.fasterxml.jackson.databind;
  requires dev.stream.api;
  requires dev.stream.core;
  requires info.picocli;
  requires java.sql; // the demo's writer
  requires jdk.httpserver; // replicate --http
  requires jdk.unsupported; // signals
  requires me.tongfei.progressbar;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.stream.cli.log to
      org.slf4j;

  // It reads the annotations of commands and options, and sets their fields.
  opens dev.stream.cli to
      info.picocli;
  opens dev.stream.cli.check to
      info.picocli;
  opens dev.stream.cli.command to
      info.picocli;
  opens dev.stream.cli.demo to
      info.picocli;
  opens dev.stream.cli.inspect to
      info.picocli;
  opens dev.stream.cli.operate to
      info.picocli;
  opens dev.stream.cli.option to
      info.picocli;
  opens dev.stream.cli.output to
      info.picocli;
  opens dev.stream.cli.replicate to
      info.picocli;
  opens dev.stream.cli.restore to
      info.picocli;
}
