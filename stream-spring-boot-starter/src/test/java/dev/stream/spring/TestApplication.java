package dev.stream.spring;

import dev.stream.core.StreamController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** An application with a table of notes, of which it writes the last one when it ends. */
final class TestApplication implements AutoCloseable {

  static final String LAST_WORDS = "last words";

  private final ConfigurableApplicationContext context;

  private TestApplication(ConfigurableApplicationContext context) {
    this.context = context;
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {

    @Bean
    Notes notes(JdbcTemplate jdbc) {
      return new Notes(jdbc);
    }
  }

  /** Writes to the database as late as a bean can. */
  static final class Notes implements AutoCloseable {

    private final JdbcTemplate jdbc;

    Notes(JdbcTemplate jdbc) {
      this.jdbc = jdbc;
    }

    void create() {
      jdbc.execute("CREATE TABLE IF NOT EXISTS notes(text VARCHAR(99))");
    }

    void write(String text) {
      jdbc.update("INSERT INTO notes(text) VALUES(?)", text);
    }

    List<String> read() {
      return jdbc.queryForList("SELECT text FROM notes", String.class);
    }

    @Override
    public void close() {
      write(LAST_WORDS);
    }
  }

  static TestApplication start(Map<String, Object> properties) {
    return start(List.of(Application.class), properties);
  }

  static TestApplication start(List<Class<?>> sources, Map<String, Object> properties) {
    SpringApplication application = new SpringApplication(sources.toArray(Class<?>[]::new));
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setRegisterShutdownHook(false);
    List<String> arguments = new ArrayList<>(List.of("--spring.main.banner-mode=off"));
    properties.forEach((key, value) -> arguments.add("--" + key + "=" + value));
    return new TestApplication(application.run(arguments.toArray(String[]::new)));
  }

  static String sqlite(Path folder) {
    return "jdbc:sqlite:" + folder.resolve("app.db");
  }

  static String h2(Path folder) {
    return "jdbc:h2:stream:" + folder.resolve("app") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
  }

  Notes notes() {
    return context.getBean(Notes.class);
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  DatabaseReplication replication() {
    return context.getBean(DatabaseReplication.class);
  }

  /** Waits until capture has begun, and then until the replicas have everything. */
  void sync() throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    StreamController controller = replication().controller();
    while (controller == null) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("capture has not begun: " + replication().failure());
      }
      Thread.sleep(10);
      controller = replication().controller();
    }
    controller.sync(Duration.ofSeconds(30));
  }

  @Override
  public void close() {
    context.close();
  }
}
