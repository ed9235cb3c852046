/** A month of replication in virtual time: what compaction and retention leave of it. */
package dev.stream.core.month;
