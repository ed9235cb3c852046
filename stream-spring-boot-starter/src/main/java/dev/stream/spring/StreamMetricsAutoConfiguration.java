package dev.stream.spring;

import dev.stream.metrics.StreamMetrics;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Offers the meters of stream-metrics, where the application has it, to all its registries. */
@AutoConfiguration(after = StreamAutoConfiguration.class)
@ConditionalOnClass(
    name = {"dev.stream.metrics.StreamMetrics", "io.micrometer.core.instrument.binder.MeterBinder"})
@ConditionalOnBean(DatabaseReplication.class)
class StreamMetricsAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  StreamMetrics streamMetrics(DatabaseReplication replication) {
    return new StreamMetrics(replication.metrics());
  }
}
