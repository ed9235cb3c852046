/**
 * The replica {@code nats}: a bucket of a JetStream object store.
 *
 * <p>Objects are kept as NATS's own object store keeps them, so that its tools read them and the
 * other way round: the bytes as messages on one subject per object, and last, replacing what was
 * there, one message on the subject of the object's name that makes them visible. Two things are
 * added. The last message also says at which positions of the stream the bytes are, so that a range
 * is read without the rest. And a deleted object leaves no marker behind: its last message is
 * removed altogether, which other clients see as an object that never was.
 *
 * <p>What is stored is as durable as the bucket: its number of replicas, and how often the server
 * syncs its files ({@code sync_interval}, two minutes by default), are the operator's to choose. A
 * bucket in memory, or one whose objects expire, is refused.
 *
 * <p>The user needs the rights to publish to {@code $O.BUCKET.>}, {@code
 * $JS.API.STREAM.INFO.OBJ_BUCKET}, {@code $JS.API.STREAM.MSG.GET.OBJ_BUCKET}, {@code
 * $JS.API.DIRECT.GET.OBJ_BUCKET}, {@code $JS.API.STREAM.PURGE.OBJ_BUCKET}, {@code
 * $JS.API.CONSUMER.CREATE.OBJ_BUCKET.>}, {@code $JS.API.CONSUMER.INFO.OBJ_BUCKET.>} and {@code
 * $JS.FC.>}, and to subscribe to {@code _INBOX.>}. A restore needs neither {@code $O.BUCKET.>} nor
 * {@code PURGE}.
 */
@NullMarked
package dev.stream.replica.nats;

import org.jspecify.annotations.NullMarked;
