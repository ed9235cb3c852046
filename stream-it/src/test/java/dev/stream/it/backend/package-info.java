/** Every kind of replica on its real server, and the suites that run over all of them. */
package dev.stream.it.backend;
