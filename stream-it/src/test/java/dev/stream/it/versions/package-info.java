/** Today's Stream with plug-ins of other days. */
package dev.stream.it.versions;
