package dev.stream.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Adds the replication to the application's health, as Spring Boot 4 has it. */
@AutoConfiguration(after = StreamAutoConfiguration.class)
@ConditionalOnClass(
    name = {
      "org.springframework.boot.health.contributor.HealthIndicator",
      "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
    })
@ConditionalOnBean(DatabaseReplication.class)
class StreamBoot4HealthAutoConfiguration {

  @Bean
  @ConditionalOnEnabledHealthIndicator("stream")
  @ConditionalOnMissingBean(name = "streamHealthIndicator")
  HealthIndicator streamHealthIndicator(DatabaseReplication replication) {
    return new StreamBoot4HealthIndicator(replication);
  }
}
