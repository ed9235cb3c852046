/**
 * The replica {@code s3}: a bucket, or a prefix in one, of Amazon S3 or of whatever speaks its
 * protocol.
 *
 * <p>{@link dev.stream.replica.s3.S3ReplicaConfig} is the configuration. Requests are signed and
 * answers are read with minio-java; they are sent with OkHttp, one request at a time in the thread
 * that asks, so that objects of any size pass through small buffers and every failure has its
 * reason.
 */
@NullMarked
package dev.stream.replica.s3;

import org.jspecify.annotations.NullMarked;
