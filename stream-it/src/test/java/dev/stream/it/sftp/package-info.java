/** The replica {@code sftp} against OpenSSH's server. */
package dev.stream.it.sftp;
