// Package streampin lets Stream follow a bolt database from commit to commit, also while the program
// commits without a pause: it holds a read transaction for Stream, and begins the next one before
// that ends, so that of each state nothing has to be read but what is new in it. Copy this file;
// docs/BOLT.md of Stream has the protocol, and what a transaction that is held costs.
package streampin

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
)

const (
	// metaBytes of a page hold its header and the meta.
	metaBytes = 80
	// version of the protocol.
	version = "1"
	// silence after which a transaction is let go of, whoever asked for it.
	silence = 10 * time.Second
	// patience with a transaction that does not begin: then a commit waits to map a larger file, and
	// that waits for the transactions that are held.
	patience = 20 * time.Millisecond
)

// Path is where Stream looks for the socket of a database.
func Path(database string) string { return database + ".stream-pin" }

// Serve answers Stream until it is closed, which is to be done before the database is. Only one
// program has a database open, so a socket that is there already is a leftover.
func Serve(db *bolt.DB) (io.Closer, error) {
	stat, err := os.Stat(db.Path())
	if err != nil {
		return nil, err
	}
	path := Path(db.Path())
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = listener.Close()
		return nil, err
	}
	s := &server{db: db, inode: stat.Sys().(*syscall.Stat_t).Ino, listener: listener, open: map[net.Conn]bool{}}
	s.running.Add(1)
	go s.accept()
	return s, nil
}

type server struct {
	db       *bolt.DB
	inode    uint64
	listener net.Listener
	running  sync.WaitGroup
	lock     sync.Mutex
	open     map[net.Conn]bool
	closed   bool
}

func (s *server) accept() {
	defer s.running.Done()
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.lock.Lock()
		if s.closed {
			_ = conn.Close()
		} else {
			s.open[conn] = true
			s.running.Add(1)
			go s.answer(conn)
		}
		s.lock.Unlock()
	}
}

// answer holds two read transactions at most, for as long as the connection lasts.
func (s *server) answer(conn net.Conn) {
	h := &holder{server: s}
	defer func() {
		h.release()
		_ = conn.Close()
		s.lock.Lock()
		delete(s.open, conn)
		s.lock.Unlock()
		s.running.Done()
	}()
	lines := bufio.NewScanner(conn)
	for {
		if err := conn.SetDeadline(time.Now().Add(silence)); err != nil || !lines.Scan() {
			return
		}
		if _, err := fmt.Fprintln(conn, h.answer(lines.Text())); err != nil {
			return
		}
	}
}

// holder has the transactions of one connection: the newest one, and the one before it until Stream
// has read what the newest has changed.
type holder struct {
	server       *server
	held, former *bolt.Tx
}

func (h *holder) answer(request string) string {
	switch request {
	case "hello " + version:
		return fmt.Sprintf("hello %s %d", version, h.server.inode)
	case "pin":
		meta, err := h.next()
		if err != nil {
			return "failed: " + err.Error()
		}
		return fmt.Sprintf("pinned %d %s %s", h.held.ID(), number(h.former), hex.EncodeToString(meta))
	case "drop":
		end(&h.former)
		return "held " + number(h.held)
	case "held":
		return "held " + number(h.held)
	case "release":
		h.release()
		return "released"
	}
	return "failed: no such request in version " + version
}

// next begins a transaction before the one that was held ends, so that nothing which the latter
// reaches is written to in between.
func (h *holder) next() ([]byte, error) {
	end(&h.former)
	type begun struct {
		tx   *bolt.Tx
		meta []byte
		err  error
	}
	began := make(chan begun, 1)
	go func() {
		tx, meta, err := h.server.begin()
		began <- begun{tx, meta, err}
	}()
	var next begun
	select {
	case next = <-began:
	case <-time.After(patience):
		end(&h.held)
		next = <-began
	}
	if next.err != nil {
		return nil, next.err
	}
	h.former, h.held = h.held, next.tx
	return next.meta, nil
}

func (h *holder) release() {
	end(&h.former)
	end(&h.held)
}

func end(tx **bolt.Tx) {
	if *tx != nil {
		_ = (*tx).Rollback()
		*tx = nil
	}
}

func number(tx *bolt.Tx) string {
	if tx == nil {
		return "none"
	}
	return fmt.Sprint(tx.ID())
}

func (s *server) begin() (*bolt.Tx, []byte, error) {
	tx, err := s.db.Begin(false)
	if err != nil {
		return nil, nil, err
	}
	// A backup begins with the meta of its transaction. Nothing but that is taken.
	var first beginning
	if _, err := tx.WriteTo(&first); len(first.bytes) < metaBytes {
		_ = tx.Rollback()
		return nil, nil, fmt.Errorf("no meta of the transaction: %w", err)
	}
	return tx, first.bytes[:metaBytes], nil
}

type beginning struct{ bytes []byte }

func (b *beginning) Write(p []byte) (int, error) {
	b.bytes = append([]byte(nil), p...)
	return 0, errors.New("that is enough")
}

func (s *server) Close() error {
	err := s.listener.Close() // removes the socket, too
	s.lock.Lock()
	s.closed = true
	for conn := range s.open {
		_ = conn.Close()
	}
	s.lock.Unlock()
	s.running.Wait()
	return err
}
