/** The replica {@code s3} on a real server: MinIO. */
package dev.stream.it.s3;
