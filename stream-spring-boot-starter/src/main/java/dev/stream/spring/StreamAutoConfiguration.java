package dev.stream.spring;

import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.StreamListener;
import java.io.IOException;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Replicates the application's database, if its properties say where to. */
@AutoConfiguration
@Conditional(OnReplicasCondition.class)
@EnableConfigurationProperties(StreamProperties.class)
class StreamAutoConfiguration {

  /** An application may give its own, made in code. */
  @Bean
  @ConditionalOnMissingBean
  StreamConfig streamConfig(StreamProperties properties, Environment environment) {
    try {
      return new StreamConfigFactory(properties, environment.getProperty("spring.datasource.url"))
          .make();
    } catch (IOException e) {
      throw StreamStartException.of(e);
    }
  }

  /** Never lazy: what nobody asks for has to be replicated all the same. */
  @Bean(destroyMethod = "close")
  @Lazy(false)
  @ConditionalOnMissingBean
  DatabaseReplication streamReplication(
      StreamConfig config, ObjectProvider<StreamListener> listeners) {
    List<StreamListener> all = listeners.orderedStream().toList();
    StreamListener listener = event -> all.forEach(each -> each.onEvent(event));
    try {
      return config.requireDatabase().type().equals("h2")
          ? new H2Replication(config, listener)
          : new FileReplication(config, listener);
    } catch (IOException e) {
      throw StreamStartException.of(e);
    }
  }

  /**
   * Every {@code DataSource} is made after the replication, which restores, and closed before it.
   * Whatever uses a {@code DataSource} comes later still, and is gone sooner.
   */
  @Bean
  static AbstractDependsOnBeanFactoryPostProcessor streamBeforeDataSource() {
    return new AbstractDependsOnBeanFactoryPostProcessor(
        DataSource.class, DatabaseReplication.class) {};
  }
}
