package app_test

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var slowFor = flag.Duration("slow", 0, "with TestManySlowPeers: measure 100 good calls a second for this long, quiet and among slow peers, and log the percentiles")

// Thousands of peers who send or read next to nothing hold a connection each, and
// nothing else: good calls of another agency are answered, and what the hub uses is
// bounded. How long the good calls take is measured with -slow, and asserted by
// nobody. (Calls of the same agency count against its part of a hub that is full.)
func TestManySlowPeers(t *testing.T) {
	const most = 4000
	peers := min(most, descriptors(t)/3)
	hub := newSite(t).serve(t, "LIMITS_HEADERTIMEOUT=2m", "LIMITS_IDLETIMEOUT=2m", "LIMITS_GRACE=2m")
	key := hub.settle(t)
	seen := newRecorder(t)
	large := newLarge(t)
	hub.offer(t, "Baik", seen.URL, nil, nil)
	hub.offer(t, "Besar", large, nil, nil)
	hub.offer(t, "Lambat", silent(t, ""), object{"timeoutSeconds": 5}, nil) // a body on its way holds a connection to its provider
	hub.put(t, "Agency", "tetangga.go.id", agencySpec("Tetangga"))
	hub.put(t, "Application", "baik@tetangga.go.id", applicationSpec("Baik"))
	hub.put(t, "Grant", "baik", grantSpec("uji/Baik", "baik@tetangga.go.id"))
	good := hub.key(t, "baik@tetangga.go.id")
	hub.timed(t, good, "quiet")

	before := gauge(t, hub)
	slow := dial(t, hub.gateway, peers)
	for i, c := range slow {
		io.WriteString(c, slowly(i, "X-API-Key: "+key))
	}
	eventually(t, "the slow peers are connected", func() bool {
		return gauge(t, hub).goroutines >= before.goroutines+float64(peers)*3/4
	})
	now := gauge(t, hub)
	t.Logf("%d slow peers: %.1f goroutines and %.1f KiB of heap each", peers, (now.goroutines-before.goroutines)/float64(peers), (now.heap-before.heap)/float64(peers)/1024)
	if now.goroutines > before.goroutines+float64(4*peers)+100 {
		t.Errorf("%.0f goroutines for %d peers", now.goroutines-before.goroutines, peers)
	}
	if now.heap > before.heap+float64(peers*(96<<10)+64<<20) {
		t.Errorf("%.0f MiB for %d peers", (now.heap-before.heap)/(1<<20), peers)
	}
	for range 300 {
		hub.stillServes(t, "Baik", good)
	}
	hub.timed(t, good, "among slow peers")
	for _, c := range slow {
		c.Close()
	}
	steady(t, hub, before, 300)
}

// slowly is what the peer of that number says before it falls silent: in its
// head, in its body, or before it reads its answer.
func slowly(i int, key string) string {
	switch i % 4 {
	case 0:
		return "GET /uji/Baik HTTP/1.1\r\nHost: hub\r\nX-A: "
	case 1:
		return request("POST", "/uji/Lambat", "Content-Length: 900", key) + "abc"
	case 2:
		return request("POST", "/uji/Lambat", "Transfer-Encoding: chunked", key) + "5\r\nabc"
	}
	return request("GET", "/uji/Besar", key)
}

// newLarge is a provider whose answer fits into no buffer.
func newLarge(t *testing.T) (url string) {
	return speaking(t, func(c net.Conn) {
		const size = 64 << 20
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", size)
		block := []byte(strings.Repeat(" ", 64<<10))
		for range size / len(block) {
			if _, err := c.Write(block); err != nil {
				return
			}
		}
	})
}

// descriptors raises the number of files that may be open, and returns it.
func descriptors(t *testing.T) int {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	return int(limit.Cur)
}

// timed makes 100 calls a second and logs how long they took.
func (p *process) timed(t *testing.T, key, when string) {
	if *slowFor == 0 {
		return
	}
	var mu sync.Mutex
	var took []time.Duration
	var calls sync.WaitGroup
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range int(*slowFor / (10 * time.Millisecond)) {
		due := <-tick.C
		calls.Go(func() {
			got := call(t, p.client, p.gateway+"/uji/Baik/baik", key)
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(due))
			if got.status != http.StatusOK {
				t.Errorf("%d %s", got.status, got.text)
			}
		})
	}
	calls.Wait()
	slices.Sort(took)
	t.Logf("%s: %d calls, p50 %v, p99 %v, longest %v", when, len(took), took[len(took)/2], took[len(took)*99/100], took[len(took)-1])
}
