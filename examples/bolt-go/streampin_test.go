package streampin

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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

func (c *client) pinned(txID, former string) {
	c.t.Helper()
	words := strings.Fields(c.ask("pin"))
	if len(words) != 4 || words[0] != "pinned" || words[1] != txID || words[2] != former || len(words[3]) != 2*metaBytes {
		c.t.Fatal(words)
	}
}

func inode(t *testing.T, db *bolt.DB) uint64 {
	t.Helper()
	stat, err := os.Stat(db.Path())
	if err != nil {
		t.Fatal(err)
	}
	return stat.Sys().(*syscall.Stat_t).Ino
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
	if answer := stream.ask("hello 1"); answer != fmt.Sprint("hello 1 ", inode(t, db)) {
		t.Fatal(answer)
	}
	if answer := stream.ask("held"); answer != "held none" {
		t.Fatal(answer)
	}
	stream.pinned("2", "none")
	commit(t, db, 50)
	if answer := stream.ask("held"); answer != "held 2" {
		t.Fatal(answer)
	}
	stream.pinned("52", "2")
	if held(db) != 2 {
		t.Fatalf("%d transactions are held", held(db))
	}
	if answer := stream.ask("drop"); answer != "held 52" || held(db) != 1 {
		t.Fatal(answer, held(db))
	}
	// Whoever does not drop it has done with it, too.
	stream.pinned("52", "52")
	commit(t, db, 1)
	stream.pinned("53", "52")
	if answer := stream.ask("release"); answer != "released" || held(db) != 0 {
		t.Fatal(answer, held(db))
	}
	for _, request := range []string{"what", "hello 2", ""} {
		if answer := stream.ask(request); !strings.HasPrefix(answer, "failed") {
			t.Fatal(answer)
		}
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

func large(db *bolt.DB) error {
	return db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("bucket")).Put([]byte("large"), make([]byte, 32<<20))
	})
}

// A commit that has to map a larger file waits for all read transactions, and new ones wait for it.
func TestACommitThatNeedsALargerMappingGoesOnThoughNobodyAsks(t *testing.T) {
	db := open(t)
	served, err := Serve(db)
	if err != nil {
		t.Fatal(err)
	}
	stream := connect(t, db)
	stream.pinned("2", "none")
	if err := large(db); err != nil {
		t.Fatal(err)
	}
	if answer := stream.ask("held"); answer != "held none" {
		t.Fatal(answer)
	}
	stream.pinned("3", "none")
	_ = served.Close()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestACommitThatNeedsALargerMappingGoesOnWhileNewOnesAreAskedFor(t *testing.T) {
	db := open(t)
	served, err := Serve(db)
	if err != nil {
		t.Fatal(err)
	}
	stream := connect(t, db)
	stream.pinned("2", "none")
	done := make(chan error, 1)
	go func() { done <- large(db) }()
	// Until the commit waits, there is an overlap; then there is none, and it goes on.
	for end := time.Now().Add(30 * time.Second); ; {
		words := strings.Fields(stream.ask("pin"))
		if words[2] == "none" {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the commit never waited")
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	_ = served.Close()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// A request may come in pieces, and whoever says too much or nothing at all is let go of.
func TestRequestsInPieces(t *testing.T) {
	db := open(t)
	served, err := Serve(db)
	if err != nil {
		t.Fatal(err)
	}
	stream := connect(t, db)
	stream.pinned("2", "none")
	if _, err := fmt.Fprint(stream.conn, "he"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * look) // The pieces are to be read one by one.
	if answer := stream.ask("ld"); answer != "held 2" {
		t.Fatal(answer)
	}
	if _, err := fmt.Fprint(stream.conn, strings.Repeat("x", longest+1)); err != nil {
		t.Fatal(err)
	}
	await(t, db, 0)
	_ = served.Close()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
