/** The replica {@code nats} on real NATS servers. */
package dev.stream.it.nats;
