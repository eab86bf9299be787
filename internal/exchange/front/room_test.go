package front

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(patience))
	return c
}

// ask makes a request on a connection, and leaves it open.
func ask(t *testing.T, c net.Conn, path string) string {
	t.Helper()
	io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	content, _ := io.ReadAll(res.Body)
	return string(content)
}

// Connections on which nothing is asked, ten times as many as there may be, lock
// nobody out.
func TestIdleConnectionsMakeRoom(t *testing.T) {
	s, address := start(t, echo)
	for range 10 {
		for range s.Connections {
			dial(t, address)
		}
		if said := say(t, address, "GET /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); !strings.Contains(said, "/late") {
			t.Fatalf("got %q", said)
		}
	}
}

func TestTheLongestIdleMakesRoom(t *testing.T) {
	s, address := start(t, echo)
	var both []net.Conn
	for len(both) < 2 {
		c := dial(t, address)
		ask(t, c, "/")
		both = append(both, c)
		for len(s.idle()) < len(both) { // the answer came before its connection was idle
			runtime.Gosched()
		}
	}
	old, young := both[0], both[1]
	s.Connections = 1
	s.endLongestIdle()
	if n, err := old.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("the connection of the longest rest: %d %v", n, err)
	}
	if got := ask(t, young, "/more"); !strings.Contains(got, "/more") {
		t.Errorf("the other: %q", got)
	}
}

// A connection on which a request is under way makes no room: whoever comes waits.
func TestConnectionsHaveABound(t *testing.T) {
	came, onward := make(chan struct{}, 1000), make(chan struct{})
	s, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		came <- struct{}{}
		<-onward
		echo(w, r)
	})
	var busy []net.Conn
	for range s.Connections {
		c := dial(t, address)
		io.WriteString(c, "GET /busy HTTP/1.1\r\nHost: x\r\n\r\n")
		<-came
		busy = append(busy, c)
	}
	late := make(chan string, 1)
	go func() { late <- say(t, address, "GET /late HTTP/1.1\r\nHost: x\r\n\r\n") }()
	select {
	case <-came:
		t.Error("one more than may be is answered")
	case <-time.After(4 * glance):
	}
	close(onward)
	for _, c := range busy {
		if res, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil || res.StatusCode != http.StatusOK {
			t.Errorf("a request under way: %v", err)
		}
	}
	if said := <-late; !strings.Contains(said, "/late") {
		t.Errorf("got %q", said)
	}
}
