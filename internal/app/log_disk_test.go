package app_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"simpul/internal/app"
)

// The disk of the log, or of the database, takes nothing more while that of the journal
// does: traffic goes on, evidence is kept, the operator is told which disk it is, and all that waited
// is there once there is room again, without a restart.

// small mounts a file system in memory, where the machine lets a test do so.
func small(t *testing.T, dir, size string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("this machine does not let a test mount a file system: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
}

// shut makes a folder read-only, for whoever opens anything in it from now on.
func shut(t *testing.T, dir string) (open func()) {
	t.Helper()
	if err := syscall.Mount(dir, dir, "", syscall.MS_BIND, ""); err != nil {
		t.Skipf("this machine does not let a test mount a folder: %v", err)
	}
	open = func() { syscall.Unmount(dir, syscall.MNT_DETACH) }
	t.Cleanup(open)
	if err := syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skipf("this machine does not let a test mount a folder read-only: %v", err)
	}
	return open
}

// carrying is a hub with a closed LID, which is called until told otherwise.
type carrying struct {
	*control
	at  app.Ready
	key string
}

// carriedOn is such a hub on the data folder, with its database at the URL; "" for the usual one.
func carriedOn(t *testing.T, data, database string) carrying {
	t.Helper()
	c := settings(t, data)
	if database != "" {
		c.Database.URL = database
	}
	at, api := begin(t, c)
	hub := carrying{api, at, api.settle(t)}
	api.offer(t, "Data", answering(t, `{"items":[]}`), object{"class": "terbatas"}, nil)
	return hub
}

// read answers with what the control API has at the path.
func (c carrying) read(t *testing.T, path string, into any) {
	t.Helper()
	got, err := c.send(t.Context(), http.MethodGet, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got.text), into); got.status != http.StatusOK || err != nil {
		t.Fatalf("%s: %d %s, %v", path, got.status, got.text, err)
	}
}

func (c carrying) exchange(t *testing.T) string {
	t.Helper()
	got := call(t, c.client, c.at.Gateway+"/uji/Data", c.key)
	if got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.text)
	}
	return got.header.Get("Exchange-Id")
}

func (c carrying) metric(t *testing.T, name string) string {
	t.Helper()
	_, after, _ := strings.Cut(call(t, c.client, c.at.Control+"/metrics", "").text, "\n"+name+" ")
	value, _, _ := strings.Cut(after, "\n")
	return value
}

// trouble is what the views say of the one of the name.
func (c carrying) trouble(t *testing.T, name string) string {
	t.Helper()
	var views struct {
		Views []struct {
			Name      string
			Positions []struct{ Trouble string }
		}
	}
	c.read(t, "/evidence/views", &views)
	for _, v := range views.Views {
		if v.Name == name && len(v.Positions) > 0 {
			return v.Positions[0].Trouble
		}
	}
	return "no such view"
}

func TestTheLogsDiskTakesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		take  func(t *testing.T, dir string) (give func())
		cause string
		code  string
	}{
		"full": {func(t *testing.T, dir string) func() {
			fill(t, filepath.Join(dir, "filler"))
			return func() { os.Remove(filepath.Join(dir, "filler")) }
		}, "full", "1"},
		"read-only": {shut, "read_only", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			folder := filepath.Join(data, "log")
			small(t, folder, "1m")
			hub := carriedOn(t, data, "")
			hub.proved(t, hub.exchange(t))

			give := c.take(t, folder)
			var waiting []string
			eventually(t, "a log that stands still", func() bool {
				waiting = append(waiting, hub.exchange(t))
				return hub.metric(t, "simpul_log_following") == "0"
			})
			if got := hub.metric(t, "simpul_log_trouble"); got != c.code {
				t.Errorf("the metric says %s", got)
			}
			if got := hub.trouble(t, "log"); got != c.cause {
				t.Errorf("the view says %q", got)
			}
			if got := call(t, hub.client, hub.at.Gateway+"/readyz", ""); got.status != http.StatusOK {
				t.Errorf("readyz: %d %s", got.status, got.text)
			}
			give()
			for _, id := range waiting {
				hub.proved(t, id)
			}
			if got := hub.trouble(t, "log") + hub.metric(t, "simpul_log_trouble"); got != "0" {
				t.Errorf("it goes on, and says %q", got)
			}
		})
	}
}

func TestTheDatabasesDiskIsFull(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "db")
	small(t, folder, "16m")
	hub := carriedOn(t, t.TempDir(), "sqlite://"+filepath.Join(folder, "simpul.db"))
	hub.record(t, hub.exchange(t))

	fill(t, filepath.Join(folder, "filler"))
	var waiting []string
	eventually(t, "an index that is behind", func() bool {
		waiting = append(waiting, hub.exchange(t))
		return len(waiting) >= 50 && hub.metric(t, "simpul_index_lag_records") != "0"
	})
	var list struct{ Behind uint64 }
	if hub.read(t, "/exchanges?limit=1", &list); list.Behind == 0 {
		t.Error("the list does not say that it lacks something")
	}
	if err := os.Remove(filepath.Join(folder, "filler")); err != nil {
		t.Fatal(err)
	}
	for _, id := range waiting {
		hub.record(t, id)
	}
	eventually(t, "everything counted", func() bool { return hub.metric(t, "simpul_metering_lag_records") == "0" })
	if hub.read(t, "/exchanges?limit=1", &list); list.Behind != 0 {
		t.Errorf("%d records are missing", list.Behind)
	}
}
