package streampin

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

func open(t *testing.T) *bolt.DB {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "state.db"), 0o600, &bolt.Options{
		NoSync: true,
		// Without it a commit that makes the file outgrow its mapping waits for all read transactions.
		InitialMmapSize: 16 << 20,
	})
	if err != nil {
		t.Fatal(err)
	}
	commit(t, db, 1)
	return db
}

func commit(t *testing.T, db *bolt.DB, times int) {
	t.Helper()
	for i := 0; i < times; i++ {
		err := db.Update(func(tx *bolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("bucket"))
			if err != nil {
				return err
			}
			return bucket.Put([]byte("key"), fmt.Append(nil, tx.ID()))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

type client struct {
	t     *testing.T
	conn  net.Conn
	lines *bufio.Scanner
}

func connect(t *testing.T, db *bolt.DB) *client {
	t.Helper()
	conn, err := net.Dial("unix", Path(db.Path()))
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, conn, bufio.NewScanner(conn)}
}

func (c *client) ask(request string) string {
	c.t.Helper()
	if _, err := fmt.Fprintln(c.conn, request); err != nil {
		c.t.Fatal(err)
	}
	if !c.lines.Scan() {
		c.t.Fatal("no answer to ", request)
	}
	return c.lines.Text()
}

func held(db *bolt.DB) int { return db.Stats().OpenTxN }

func await(t *testing.T, db *bolt.DB, wanted int) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); held(db) != wanted; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d transactions are held, not %d", held(db), wanted)
		}
	}
}

func TestATransactionIsHeldAndMovedOn(t *testing.T) {
	db := open(t)
	served, err := Serve(db)
	if err != nil {
		t.Fatal(err)
	}
	stream := connect(t, db)
	if answer := stream.ask("held"); answer != "none" {
		t.Fatal(answer)
	}
	first := strings.Fields(stream.ask("pin"))
	if len(first) != 4 || first[0] != "pinned" || first[1] != "2" || len(first[3]) != 2*metaBytes {
		t.Fatal(first)
	}
	commit(t, db, 50)
	if answer := stream.ask("held"); answer != "held 2" {
		t.Fatal(answer)
	}
	if second := strings.Fields(stream.ask("pin")); second[1] != "52" {
		t.Fatal(second)
	}
	if held(db) != 1 {
		t.Fatalf("%d transactions are held", held(db))
	}
	if answer := stream.ask("release"); answer != "released" || held(db) != 0 {
		t.Fatal(answer, held(db))
	}
	if answer := stream.ask("what"); !strings.HasPrefix(answer, "failed") {
		t.Fatal(answer)
	}
	if err := served.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAConnectionThatEndsLetsGo(t *testing.T) {
	db := open(t)
	served, err := Serve(db)
	if err != nil {
		t.Fatal(err)
	}
	stream := connect(t, db)
	stream.ask("pin")
	await(t, db, 1)
	_ = stream.conn.Close()
	await(t, db, 0)

	connect(t, db).ask("pin")
	if err := served.Close(); err != nil || held(db) != 0 {
		t.Fatal(err, held(db))
	}
	if _, err := os.Stat(Path(db.Path())); !os.IsNotExist(err) {
		t.Fatal("the socket is left: ", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestALeftoverIsReplaced(t *testing.T) {
	db := open(t)
	if err := os.WriteFile(Path(db.Path()), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	served, err := Serve(db)
	if err != nil {
		t.Fatal(err)
	}
	connect(t, db).ask("pin")
	_ = served.Close()
	_ = db.Close()
}
