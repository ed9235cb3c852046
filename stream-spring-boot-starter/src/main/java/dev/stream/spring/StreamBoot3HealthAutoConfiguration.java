package dev.stream.spring;

import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Adds the replication to the application's health, as Spring Boot 3 has it. */
@AutoConfiguration(after = StreamAutoConfiguration.class)
@ConditionalOnClass(
    name = {
      "org.springframework.boot.actuate.health.HealthIndicator",
      "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator"
    })
@ConditionalOnBean(DatabaseReplication.class)
class StreamBoot3HealthAutoConfiguration {

  @Bean
  @ConditionalOnEnabledHealthIndicator("stream")
  @ConditionalOnMissingBean(name = "streamHealthIndicator")
  HealthIndicator streamHealthIndicator(DatabaseReplication replication) {
    return new StreamBoot3HealthIndicator(replication);
  }
}
