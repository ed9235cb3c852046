package dev.stream.source.h2;

import com.google.auto.service.AutoService;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens nothing. {@link java.sql.DriverManager} makes one of each driver before its first
 * connection, and making this one teaches H2 the scheme {@code stream:}: of a scheme that it does
 * not know H2 makes a folder of that name, in the working directory, and a new database in it.
 */
@AutoService(Driver.class)
@SuppressWarnings("exports") // AutoService: gone at run time; who has JDBC drivers reads java.sql.
public final class SchemeDriver implements Driver {

  /** For {@link java.util.ServiceLoader}. */
  public SchemeDriver() {
    H2Stream.install();
  }

  @Override
  public @Nullable Connection connect(String url, Properties info) {
    return null;
  }

  @Override
  public boolean acceptsURL(String url) {
    return false;
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 0;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("dev.stream.source.h2");
  }
}
