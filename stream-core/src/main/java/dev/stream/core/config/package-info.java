/**
 * The configuration: read strictly from JSON, or put together by an application.
 *
 * <p>For authors of plug-ins: {@code configType()} is a public record in an exported package. Its
 * components are the keys. Supported types are {@code String}, {@code int}, {@code long}, {@code
 * boolean} and their boxes, {@code Duration}, {@code Instant}, {@code Path}, enums (written in
 * lower case, with {@code -} for {@code _}), {@code List}, {@code Map} with {@code String} keys,
 * {@code Optional}, and public records of these. A key is optional if its component is annotated
 * {@code org.jspecify.annotations.Nullable} or is an {@code Optional}; every other key is required.
 * The constructor validates, and throws {@link IllegalArgumentException} with a message that starts
 * with the key; the reader puts the path before it. A component annotated {@link
 * dev.stream.api.config.Secret} is never shown. The keys {@code type} and, in replicas, {@code
 * name} are taken.
 */
@NullMarked
package dev.stream.core.config;

import org.jspecify.annotations.NullMarked;
