/** The Spring Boot example, built and used as its README says. */
package dev.stream.it.springboot;
