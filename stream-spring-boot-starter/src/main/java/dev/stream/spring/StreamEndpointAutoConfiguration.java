package dev.stream.spring;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Shows the replication's status where the application has the actuator. */
@AutoConfiguration(after = StreamAutoConfiguration.class)
@ConditionalOnClass(
    name =
        "org.springframework.boot.actuate.autoconfigure.endpoint.condition."
            + "ConditionalOnAvailableEndpoint")
@ConditionalOnBean(DatabaseReplication.class)
class StreamEndpointAutoConfiguration {

  @Bean
  @ConditionalOnAvailableEndpoint
  StreamEndpoint streamEndpoint(DatabaseReplication replication) {
    return new StreamEndpoint(replication);
  }
}
