// Boltwriter is the program under test: it writes a bolt file with the real bbolt, and tells what
// bbolt itself says of one.
//
//	boltwriter DB [-pagesize N] [-nosync] [-nofreelistsync] [-freelist array|hashmap] [-log FILE] [-pins] [-hold DURATION]
//
// reads commands from standard input, a line each, and answers each with a line: "ok ..." or
// "failed ...". Before each commit it appends the number of the transaction and the digest of
// everything in it to the log, so that after a kill the digest of whatever was committed is there.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

type writer struct {
	path    string
	options *bolt.Options
	db      *bolt.DB
	log     *os.File
	pins    bool
	served  io.Closer
}

func main() {
	flags := flag.NewFlagSet("boltwriter", flag.ExitOnError)
	pageSize := flags.Int("pagesize", 4096, "bytes per page of a new file")
	noSync := flags.Bool("nosync", false, "commit without syncing")
	noFreelistSync := flags.Bool("nofreelistsync", false, "do not store the list of free pages")
	freelist := flags.String("freelist", "array", "kind of the list of free pages in memory")
	log := flags.String("log", "", "file for digests")
	pins := flags.Bool("pins", false, "hold transactions for Stream")
	hold := flags.Duration("hold", 0, "hold a transaction for nobody, and move on so often")
	mmap := flags.Int("mmap", 0, "mebibytes to map at first")
	if len(os.Args) < 2 {
		fmt.Println("failed: name the database")
		os.Exit(2)
	}
	_ = flags.Parse(os.Args[2:])
	w := &writer{path: os.Args[1], pins: *pins, options: &bolt.Options{
		Timeout: 10 * time.Second, PageSize: *pageSize, NoSync: *noSync,
		NoFreelistSync: *noFreelistSync, FreelistType: bolt.FreelistType(*freelist),
		InitialMmapSize: *mmap << 20,
	}}
	if *log != "" {
		file, err := os.OpenFile(*log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			fmt.Println("failed", err)
			os.Exit(1)
		}
		w.log = file
	}
	if w.path != "-" {
		if err := w.open(); err != nil {
			fmt.Println("failed", err)
			os.Exit(1)
		}
		if *hold > 0 {
			go w.hold(*hold)
		}
		defer func() { _ = w.close() }()
	}
	fmt.Println("ok ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		answer, err := w.command(strings.Split(lines.Text(), " "))
		if err != nil {
			fmt.Println("failed", strings.ReplaceAll(err.Error(), "\n", "; "))
		} else {
			fmt.Println("ok", answer)
		}
	}
}

func (w *writer) open() (err error) {
	if w.db, err = bolt.Open(w.path, 0o644, w.options); err == nil && w.pins {
		w.served, err = w.serve()
	}
	return err
}

// close lets go of what is held for Stream first: the database waits for that.
func (w *writer) close() error {
	if w.served != nil {
		_ = w.served.Close()
	}
	return w.db.Close()
}

// hold does what is done for Stream, and nothing else: it tells what that alone costs.
func (w *writer) hold(pause time.Duration) {
	var held *bolt.Tx
	for {
		next, err := w.db.Begin(false)
		if err != nil {
			return
		}
		if held != nil {
			_ = held.Rollback()
		}
		held = next
		time.Sleep(pause)
	}
}

func (w *writer) command(words []string) (string, error) {
	switch words[0] {
	case "commit": // SEED
		seed, err := strconv.ParseInt(words[1], 10, 64)
		if err != nil {
			return "", err
		}
		return w.commit(rand.New(rand.NewSource(seed)))
	case "run": // SEED MILLISECONDS: commits without a pause
		seed, _ := strconv.ParseInt(words[1], 10, 64)
		millis, err := strconv.ParseInt(words[2], 10, 64)
		if err != nil {
			return "", err
		}
		return w.run(rand.New(rand.NewSource(seed)), time.Duration(millis)*time.Millisecond)
	case "fill": // MEBIBYTES
		size, err := strconv.Atoi(words[1])
		if err != nil {
			return "", err
		}
		return w.fill(size)
	case "small": // MILLISECONDS [PAUSE [KEYS]]: so many keys in each commit; answers with how many commits
		numbers := [3]int{0, 0, 1} // the pause in microseconds
		for i, word := range words[1:] {
			number, err := strconv.Atoi(word)
			if err != nil || i == len(numbers) {
				return "", fmt.Errorf("no number: %q", word)
			}
			numbers[i] = number
		}
		return w.small(time.Duration(numbers[0])*time.Millisecond, time.Duration(numbers[1])*time.Microsecond, numbers[2])
	case "anew": // SEED MEBIBYTES: other pages under the same names, and nothing of what there was
		seed, _ := strconv.ParseInt(words[1], 10, 64)
		size, err := strconv.Atoi(words[2])
		if err != nil {
			return "", err
		}
		return "", w.anew(rand.New(rand.NewSource(seed)), size)
	case "touch": // SEED: changes something in every page of what "anew" made
		seed, err := strconv.ParseInt(words[1], 10, 64)
		if err != nil {
			return "", err
		}
		return "", w.touch(rand.New(rand.NewSource(seed)))
	case "large": // MEBIBYTES: one value of that size; 0 deletes it
		size, err := strconv.Atoi(words[1])
		if err != nil {
			return "", err
		}
		return w.large(size << 20)
	case "image": // FILE
		return w.image(words[1])
	case "digest":
		return w.digest()
	case "compact":
		return w.compact()
	case "check": // FILE
		return check(words[1])
	case "goon": // FILE: writes to it, too
		return goOn(words[1])
	}
	return "", fmt.Errorf("no such command: %s", words[0])
}
