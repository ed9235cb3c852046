/**
 * How does an application with Spring Boot 3 or 4 get its database replicated by properties alone?
 * What speaks to Spring may enter, and nothing that Stream could do without it. Begin at {@link
 * dev.stream.spring.DatabaseReplication}, which an application may ask for, and {@code
 * StreamAutoConfiguration}, which makes it.
 */
@NullMarked
package dev.stream.spring;

import org.jspecify.annotations.NullMarked;
