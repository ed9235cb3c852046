package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
)

// commit makes random changes in one transaction.
func (w *writer) commit(random *rand.Rand) (string, error) {
	var id int
	err := w.db.Update(func(tx *bolt.Tx) error {
		id = tx.ID()
		if random.Intn(10) == 0 {
			if err := drop(tx, random); err != nil {
				return err
			}
			return w.note(tx)
		}
		for i := 1 + random.Intn(4); i > 0; i-- {
			if err := change(tx, random); err != nil {
				return err
			}
		}
		return w.note(tx)
	})
	return fmt.Sprint(id), err
}

// note appends what the transaction will have made of the database.
func (w *writer) note(tx *bolt.Tx) error {
	if w.log == nil {
		return nil
	}
	digest, err := digestOf(tx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.log, "%d %s\n", tx.ID(), digest)
	return err
}

func change(tx *bolt.Tx, random *rand.Rand) error {
	bucket, err := tx.CreateBucketIfNotExists(name(random))
	if err != nil {
		return err
	}
	for depth := random.Intn(4); depth > 0; depth-- {
		if bucket, err = bucket.CreateBucketIfNotExists(nested(random)); err != nil {
			return err
		}
	}
	switch random.Intn(8) {
	case 0:
		return remove(bucket, random)
	case 1:
		return bucket.Put(key(random), value(random, 120_000))
	case 2:
		for i := 0; i < 200; i++ {
			if err := bucket.Put(key(random), value(random, 300)); err != nil {
				return err
			}
		}
		return nil
	case 3:
		_, err := bucket.NextSequence()
		return err
	default:
		return bucket.Put(key(random), value(random, 2_000))
	}
}

// drop deletes a bucket with all that is in it. It is alone in its transaction: bbolt 1.5.0 loses
// pages, which are then neither in use nor free, where a bucket is dropped whose nested buckets
// were changed in the same one.
func drop(tx *bolt.Tx, random *rand.Rand) error {
	outer := name(random)
	bucket := tx.Bucket(outer)
	if bucket == nil {
		return nil
	}
	inner := nested(random)
	if random.Intn(2) == 0 && bucket.Bucket(inner) != nil {
		return bucket.DeleteBucket(inner)
	}
	return tx.DeleteBucket(outer)
}

func name(random *rand.Rand) []byte {
	return []byte(fmt.Sprintf("bucket-%d", random.Intn(6)))
}

func nested(random *rand.Rand) []byte {
	return []byte(fmt.Sprintf("nested-%d", random.Intn(3)))
}

func key(random *rand.Rand) []byte {
	return []byte(fmt.Sprintf("key-%05d", random.Intn(3_000)))
}

func value(random *rand.Rand, most int) []byte {
	value := make([]byte, random.Intn(most))
	if random.Intn(3) > 0 {
		random.Read(value)
	}
	return value
}

// remove deletes a random range of keys, so that pages become free and the tree smaller.
func remove(bucket *bolt.Bucket, random *rand.Rand) error {
	cursor := bucket.Cursor()
	var doomed [][]byte
	left := random.Intn(400)
	for k, v := cursor.Seek(key(random)); k != nil && left > 0; k, v = cursor.Next() {
		if v != nil {
			doomed = append(doomed, bytes.Clone(k))
		}
		left--
	}
	for _, k := range doomed {
		if err := bucket.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) run(random *rand.Rand, duration time.Duration) (string, error) {
	count := 0
	for end := time.Now().Add(duration); time.Now().Before(end); count++ {
		if _, err := w.commit(random); err != nil {
			return "", err
		}
	}
	return fmt.Sprint(count), nil
}

// fill makes a large file, in commits of 16 MiB.
func (w *writer) fill(mebibytes int) (string, error) {
	random := rand.New(rand.NewSource(1))
	value := make([]byte, 1000)
	number := uint64(0)
	for i := 0; i < mebibytes; i += 16 {
		err := w.db.Update(func(tx *bolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("fill"))
			if err != nil {
				return err
			}
			bucket.FillPercent = 0.95
			for j := 0; j < 16*1024; j++ {
				random.Read(value)
				if err := bucket.Put(binary.BigEndian.AppendUint64(nil, number), value); err != nil {
					return err
				}
				number++
			}
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	return fmt.Sprint(number), nil
}

func (w *writer) small(duration, pause time.Duration, keys int) (string, error) {
	random := rand.New(rand.NewSource(2))
	value := make([]byte, 200)
	count := 0
	for end := time.Now().Add(duration); time.Now().Before(end); count++ {
		random.Read(value)
		err := w.db.Update(func(tx *bolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("small"))
			if err != nil {
				return err
			}
			for i := 0; i < keys; i++ {
				if err := bucket.Put(binary.BigEndian.AppendUint64(nil, uint64(random.Intn(20_000))), value); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return "", err
		}
		if pause > 0 {
			time.Sleep(pause)
		}
	}
	return fmt.Sprint(count), nil
}

// anew drops a bucket and makes it again.
func (w *writer) anew(random *rand.Rand, mebibytes int) error {
	return w.db.Update(func(tx *bolt.Tx) error {
		name := []byte("anew")
		if tx.Bucket(name) != nil {
			if err := tx.DeleteBucket(name); err != nil {
				return err
			}
		}
		bucket, err := tx.CreateBucket(name)
		if err != nil {
			return err
		}
		value := make([]byte, 1000)
		for i := 0; i < mebibytes*1024; i++ {
			random.Read(value)
			if err := bucket.Put(binary.BigEndian.AppendUint64(nil, random.Uint64()), value); err != nil {
				return err
			}
		}
		return nil
	})
}

// touch changes every other value: two have room in a page, half full as they are.
func (w *writer) touch(random *rand.Rand) error {
	return w.db.Update(func(tx *bolt.Tx) error {
		bucket := tx.Bucket([]byte("anew"))
		var keys [][]byte
		if err := bucket.ForEach(func(k, _ []byte) error {
			keys = append(keys, bytes.Clone(k))
			return nil
		}); err != nil {
			return err
		}
		value := make([]byte, 1000)
		for i := 0; i < len(keys); i += 2 {
			random.Read(value)
			if err := bucket.Put(keys[i], value); err != nil {
				return err
			}
		}
		return nil
	})
}

// compact does what 'bbolt compact' and a rename do.
func (w *writer) compact() (string, error) {
	fresh := w.path + ".compact"
	_ = os.Remove(fresh)
	to, err := bolt.Open(fresh, 0o644, w.options)
	if err != nil {
		return "", err
	}
	if err := bolt.Compact(to, w.db, 64<<10); err != nil {
		return "", err
	}
	if err := w.close(); err != nil {
		return "", err
	}
	// Transactions are counted anew in the new file, and Stream may meet the last one of these.
	if w.log != nil {
		if _, err := fmt.Fprintln(w.log, "compacted"); err != nil {
			return "", err
		}
	}
	if err := to.Update(w.note); err != nil {
		return "", err
	}
	if err := to.Close(); err != nil {
		return "", err
	}
	if err := os.Rename(fresh, w.path); err != nil {
		return "", err
	}
	return "compacted", w.open()
}

func (w *writer) large(size int) (string, error) {
	return "", w.db.Update(func(tx *bolt.Tx) error {
		bucket, err := tx.CreateBucketIfNotExists([]byte("large"))
		if err != nil {
			return err
		}
		if size == 0 {
			err = bucket.Delete([]byte("value"))
		} else {
			value := make([]byte, size)
			rand.New(rand.NewSource(int64(size))).Read(value)
			err = bucket.Put([]byte("value"), value)
		}
		if err != nil {
			return err
		}
		return w.note(tx)
	})
}
