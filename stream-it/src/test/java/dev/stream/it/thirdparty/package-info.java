/** A replica that is not Stream's own: built, tested, installed and used as its author would. */
package dev.stream.it.thirdparty;
