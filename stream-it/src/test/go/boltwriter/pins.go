package main

import (
	"io"

	streampin "dev.stream/examples/bolt-go"
)

// serve holds transactions for Stream, as a program that has copied the example does.
func (w *writer) serve() (io.Closer, error) { return streampin.Serve(w.db) }
