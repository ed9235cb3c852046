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
	"strings"
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
	// look at whether a commit waits for what is held: one that has to map a larger file does.
	look = 50 * time.Millisecond
	// patience with a transaction that does not begin: then a commit waits. Several turns of waiting have to
	// pass, because one alone also passes when the whole program had no processor.
	patience = 10 * time.Millisecond
	turns    = 5
	// longest request.
	longest = 64
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
	lines := bufio.NewReader(conn)
	for {
		request, err := h.hear(conn, lines)
		if err != nil {
			return
		}
		if err := conn.SetWriteDeadline(time.Now().Add(silence)); err != nil {
			return
		}
		if _, err := fmt.Fprintln(conn, h.answer(request)); err != nil {
			return
		}
	}
}

// hear waits for a request. Meanwhile it lets go of what is held as soon as a commit waits for it,
// which Stream cannot see: the transaction that it looks for is not there before.
func (h *holder) hear(conn net.Conn, lines *bufio.Reader) (string, error) {
	var heard strings.Builder
	for end := time.Now().Add(silence); ; {
		if err := conn.SetReadDeadline(time.Now().Add(look)); err != nil {
			return "", err
		}
		part, err := lines.ReadString('\n')
		heard.WriteString(part)
		if err == nil {
			return strings.TrimSuffix(heard.String(), "\n"), nil
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) || heard.Len() > longest || time.Now().After(end) {
			return "", err
		}
		if h.held != nil {
			if probe := h.begin(); probe.tx != nil {
				_ = probe.tx.Rollback()
			}
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
	next := h.begin()
	if next.err != nil {
		return nil, next.err
	}
	meta, err := metaOf(next.tx)
	if err != nil {
		_ = next.tx.Rollback()
		return nil, err
	}
	h.former, h.held = h.held, next.tx
	return meta, nil
}

type begun struct {
	tx  *bolt.Tx
	err error
}

// begin begins a transaction. If that has to wait, a commit waits for those that are held, and for
// that the new one does: then they end.
func (h *holder) begin() begun {
	began := make(chan begun, 1)
	go func() {
		tx, err := h.server.db.Begin(false)
		began <- begun{tx, err}
	}()
	for range turns {
		select {
		case next := <-began:
			return next
		case <-time.After(patience):
		}
	}
	h.release()
	return <-began
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

// metaOf is the meta with which a backup of the transaction begins. Nothing but that is taken.
func metaOf(tx *bolt.Tx) ([]byte, error) {
	var first beginning
	if _, err := tx.WriteTo(&first); len(first.bytes) < metaBytes {
		return nil, fmt.Errorf("no meta of the transaction: %w", err)
	}
	return first.bytes[:metaBytes], nil
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
