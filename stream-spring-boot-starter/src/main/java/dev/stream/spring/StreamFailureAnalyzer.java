package dev.stream.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Has Spring Boot say in sentences why an application does not start. */
final class StreamFailureAnalyzer extends AbstractFailureAnalyzer<StreamStartException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, StreamStartException cause) {
    return new FailureAnalysis("Stream: " + cause.getMessage(), cause.action(), cause);
  }
}
