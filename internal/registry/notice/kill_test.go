package notice

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"simpul/internal/platform/clock"
	"simpul/internal/platform/mail"
	"simpul/internal/platform/mail/mailbox"
	"simpul/internal/platform/sqldb"
)

// A courier that is killed with kill -9 while it sends loses no letter, and only
// the one under way arrives twice.
func TestKill(t *testing.T) {
	const letters = 12
	for _, after := range []int{1, 5, letters - 1} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			box, err := mailbox.Open("127.0.0.1:0", clock.System)
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			file := filepath.Join(t.TempDir(), "simpul.db")
			w := newTown(t, migrated(t, file))
			for range letters {
				w.notify(t, aNotice(siti))
			}
			killAfter(t, box, file, after)

			w.courier.sender = senderTo(t, box)
			w.at = w.at.Add(lease)
			w.round(t)
			arrived := map[string]int{}
			for _, m := range box.Messages() {
				arrived[m.MessageID]++
			}
			twice := 0
			for id, n := range arrived {
				if n > 1 {
					twice++
				}
				if n > 2 {
					t.Errorf("%s arrived %d times", id, n)
				}
			}
			if len(arrived) != letters || twice > 1 {
				t.Errorf("%d of %d arrived, %d of them twice", len(arrived), letters, twice)
			}
		})
	}
}

// killAfter runs a courier in a process of its own, and kills it when so many
// letters have arrived.
func killAfter(t *testing.T, box *mailbox.Mailbox, file string, after int) {
	t.Helper()
	_, port := box.Address()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestCourierOfItsOwn$")
	child.Env = append(os.Environ(), "NOTICE_KILL="+file, "NOTICE_PORT="+strconv.Itoa(port))
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.After(30 * time.Second)
	for arrived := box.Arrived(); len(box.Messages()) < after; arrived = box.Arrived() {
		select {
		case <-arrived:
		case <-deadline:
			t.Error("nothing arrives")
			after = 0
		}
	}
	child.Process.Kill()
	child.Wait()
}

// TestCourierOfItsOwn is the process that TestKill kills.
func TestCourierOfItsOwn(t *testing.T) {
	file := os.Getenv("NOTICE_KILL")
	if file == "" {
		t.Skip("runs for TestKill only")
	}
	port, err := strconv.Atoi(os.Getenv("NOTICE_PORT"))
	if err != nil {
		t.Fatal(err)
	}
	sender, err := mail.New(mail.Settings{Host: "127.0.0.1", Port: port, TLS: mail.NoTLS, From: "hub@komdigi.go.id"})
	if err != nil {
		t.Fatal(err)
	}
	w := newTown(t, migrated(t, file))
	w.NewCourier(w, sender, "", slog.New(slog.DiscardHandler)).Run(context.Background())
}

func senderTo(t *testing.T, box *mailbox.Mailbox) Sender {
	t.Helper()
	host, port := box.Address()
	sender, err := mail.New(mail.Settings{Host: host, Port: port, TLS: mail.NoTLS, From: "hub@komdigi.go.id"})
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

func migrated(t *testing.T, file string) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), "sqlite://"+file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}
