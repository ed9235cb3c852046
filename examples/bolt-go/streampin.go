// Package streampin lets Stream read a bolt database while the program commits without a pause:
// Stream asks for a read transaction to be held, reads the file, and lets go of it again. Copy this
// file; docs/BOLT.md of Stream has the protocol.
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
	// silence after which a transaction is let go of, whoever asked for it.
	silence = 60 * time.Second
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

// answer holds one read transaction at most. It ends with the connection, whatever ends that.
func (s *server) answer(conn net.Conn) {
	var held *bolt.Tx
	defer func() {
		if held != nil {
			_ = held.Rollback()
		}
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
		answer := "failed: no such request"
		switch lines.Text() {
		case "pin":
			// The new one begins before the former one ends, so that nothing is lost in between.
			next, meta, err := s.begin()
			if err != nil {
				answer = "failed: " + err.Error()
				break
			}
			if held != nil {
				_ = held.Rollback()
			}
			held = next
			answer = fmt.Sprintf("pinned %d %d %s", held.ID(), s.inode, hex.EncodeToString(meta))
		case "held":
			answer = "none"
			if held != nil {
				answer = fmt.Sprintf("held %d", held.ID())
			}
		case "release":
			if held != nil {
				_ = held.Rollback()
				held = nil
			}
			answer = "released"
		}
		if _, err := fmt.Fprintln(conn, answer); err != nil {
			return
		}
	}
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
