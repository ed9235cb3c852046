/** Tests of the distribution, through real processes. */
package dev.stream.it.cli;
