package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
)

// digestOf is of every bucket, key, value and sequence.
func digestOf(tx *bolt.Tx) (string, error) {
	sum := sha256.New()
	err := tx.ForEach(func(name []byte, bucket *bolt.Bucket) error {
		return digestBucket(sum, name, bucket)
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}

func digestBucket(sum hash.Hash, name []byte, bucket *bolt.Bucket) error {
	put(sum, name)
	_ = binary.Write(sum, binary.BigEndian, bucket.Sequence())
	err := bucket.ForEach(func(k, v []byte) error {
		if v == nil {
			return digestBucket(sum, k, bucket.Bucket(k))
		}
		put(sum, k)
		put(sum, v)
		return nil
	})
	_ = binary.Write(sum, binary.BigEndian, int64(-1))
	return err
}

func put(sum hash.Hash, b []byte) {
	_ = binary.Write(sum, binary.BigEndian, int64(len(b)))
	sum.Write(b)
}

func (w *writer) digest() (string, error) {
	var answer string
	err := w.db.View(func(tx *bolt.Tx) error {
		digest, err := digestOf(tx)
		answer = fmt.Sprintf("%d %s", tx.ID(), digest)
		return err
	})
	return answer, err
}

// image writes the canonical image as bbolt knows it: its own backup, with the pages that its list
// of free pages names as zeros, and each meta where a commit would put it.
func (w *writer) image(file string) (string, error) {
	tx, err := w.db.Begin(false)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback() }()
	var image bytes.Buffer
	if _, err := tx.WriteTo(&image); err != nil {
		return "", err
	}
	all, size := image.Bytes(), w.db.Info().PageSize
	for id := 2; id < len(all)/size; id++ {
		info, err := tx.Page(id)
		if err != nil {
			return "", err
		}
		if info.Type == "free" {
			clear(all[id*size : (id+1)*size])
		}
	}
	if tx.ID()%2 == 1 {
		first, second := bytes.Clone(all[:size]), bytes.Clone(all[size:2*size])
		first[0], second[0] = 1, 0
		copy(all, second)
		copy(all[size:], first)
	}
	return fmt.Sprint(tx.ID()), os.WriteFile(file, all, 0o644)
}

// check opens a file as a program would, and lets bbolt look it over.
func check(file string) (string, error) {
	db, err := bolt.Open(file, 0o644, &bolt.Options{ReadOnly: true, Timeout: 10 * time.Second})
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }()
	return judge(db)
}

func judge(db *bolt.DB) (answer string, err error) {
	err = db.View(func(tx *bolt.Tx) error {
		for fault := range tx.Check() {
			err = fmt.Errorf("bbolt finds: %w", fault)
		}
		if err != nil {
			return err
		}
		digest, err := digestOf(tx)
		answer = fmt.Sprintf("%d %s", tx.ID(), digest)
		return err
	})
	return answer, err
}

// goOn opens a file for writing, makes commits of its own, and lets bbolt look it over again.
func goOn(file string) (string, error) {
	w := &writer{path: file, options: &bolt.Options{Timeout: 10 * time.Second}}
	if err := w.open(); err != nil {
		return "", err
	}
	defer func() { _ = w.db.Close() }()
	if _, err := w.small(20*time.Millisecond, 0, 1); err != nil {
		return "", err
	}
	return judge(w.db)
}
