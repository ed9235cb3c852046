package dev.stream.cli.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Has SLF4J print a JSON object a line on standard error. Not registered as a service, which would
 * make it one of two: {@code LogSettings} names it to SLF4J. Thread-safe.
 */
public final class JsonLogProvider implements SLF4JServiceProvider, ILoggerFactory {

  private static final String API_VERSION = "2.0.99";

  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter contexts = new NOPMDCAdapter();
  private final Map<String, Logger> loggers = new ConcurrentHashMap<>();

  /** For SLF4J. */
  public JsonLogProvider() {}

  @Override
  public Logger getLogger(String name) {
    return loggers.computeIfAbsent(name, one -> new JsonLogger(one, LogThreshold.of(one)));
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return this;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return contexts;
  }

  @Override
  public String getRequestedApiVersion() {
    return API_VERSION;
  }

  @Override
  public void initialize() {}
}
