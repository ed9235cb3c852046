package org.example.notes;

import dev.stream.core.Observer;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Attaches Stream to the database. */
@Configuration(proxyBeanMethods = false)
class StreamConfiguration {

  @Bean
  Observer streamObserver(@Value("${stream.config}") Path config, @Value("${app.data}") String data)
      throws IOException {
    Map<String, String> variables = new HashMap<>(System.getenv());
    variables.put("APP_DATA", data);
    return Observer.of(StreamConfig.read(config, PluginRegistry.discover(), variables));
  }

  /** From here on the database is restored if it is gone, and captured, when it is opened. */
  @Bean
  H2Registration streamRegistration(Observer observer) throws IOException {
    return H2Stream.register(observer);
  }

  /** Every DataSource is made after the registration, and closed before it. */
  @Bean
  static AbstractDependsOnBeanFactoryPostProcessor streamBeforeDataSource() {
    return new AbstractDependsOnBeanFactoryPostProcessor(DataSource.class, H2Registration.class) {};
  }
}
