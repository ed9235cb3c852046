/**
 * The replica {@code webdav}: a collection on a WebDAV server.
 *
 * <pre>{@code
 * {"type": "webdav", "url": "https://dav.example.com/backups/app",
 *  "user": "replicator", "password": "${WEBDAV_PASSWORD}"}
 * }</pre>
 *
 * <p>An object is a file whose path below the collection is its key. It is uploaded into the
 * collection {@code .staging~}, whose name no key can have, so that it is never listed; only when
 * the server has all of it is it moved into its place. Collections are made as needed and never
 * removed, because a WebDAV server removes a collection with whatever another client has just put
 * into it.
 */
@NullMarked
package org.example.stream.webdav;

import org.jspecify.annotations.NullMarked;
