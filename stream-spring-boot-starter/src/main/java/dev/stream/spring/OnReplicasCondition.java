package dev.stream.spring;

import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether the application says where to replicate its database to, and has not switched it off. */
final class OnReplicasCondition extends SpringBootCondition {

  private static final Bindable<List<Map<String, Object>>> SECTIONS =
      Bindable.of(
          ResolvableType.forClassWithGenerics(
              List.class,
              ResolvableType.forClassWithGenerics(Map.class, String.class, Object.class)));

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    Environment environment = context.getEnvironment();
    ConditionMessage.Builder message = ConditionMessage.forCondition("Stream");
    if (!environment.getProperty("stream.enabled", Boolean.class, true)) {
      return ConditionOutcome.noMatch(message.because("stream.enabled is false"));
    }
    if (environment.getProperty("stream.config") != null) {
      return ConditionOutcome.match(message.because("stream.config names a configuration"));
    }
    boolean replicas = Binder.get(environment).bind("stream.replicas", SECTIONS).isBound();
    return replicas
        ? ConditionOutcome.match(message.because("there are stream.replicas"))
        : ConditionOutcome.noMatch(message.because("there are no stream.replicas"));
  }
}
