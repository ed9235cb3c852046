/** Real servers that tests start: in containers, or as local processes where no Docker runs. */
package dev.stream.it.server;
