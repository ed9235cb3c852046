/** A program that uses Stream as a library: built by a build of its own, run in every form. */
package dev.stream.it.consumer;
