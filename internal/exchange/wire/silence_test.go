package wire

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The deadline of the last exchange does not end one whose body streams: its answer
// is awaited before the first part of the body has moved it.
func TestABodyStreamsBeyondTheDeadlineOfTheLastRead(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n)
	}))
	defer s.Close()
	to, _ := url.Parse(s.URL)
	c := client(t)
	for range 20 {
		if _, _, err := get(t, c, to); err != nil {
			t.Fatal(err)
		}
		c.pool(to).idle[0].SetReadDeadline(time.Unix(1, 0))
		r := httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("x", 100_000)))
		if _, text, err := call(c, r, to); err != nil || text != "100000" {
			t.Fatalf("%q %v", text, err)
		}
	}
}

func TestSilenceEndsACall(t *testing.T) {
	for name, text := range map[string]string{
		"before the head":  "",
		"within the head":  "HTTP/1.1 200 OK\r\nCont",
		"within the body":  "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalo",
		"within a chunk":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalo",
		"after an interim": "HTTP/1.1 103 Early Hints\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			release := make(chan struct{})
			to := origin(t, func(n int, c net.Conn) {
				scripted(text)(n, c)
				<-release
			})
			defer close(release)
			res, err := client(t).Do(httptest.NewRequest("GET", "/", nil), to, 50*time.Millisecond)
			if err == nil {
				_, err = io.ReadAll(res.Body)
				res.Body.Close()
			}
			if !IsSilence(err) {
				t.Error("not told as silence:", err)
			}
		})
	}
}

// Time that the consumer takes to send is not the origin's silence.
func TestASlowConsumerIsNotASilentOrigin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := client(t)
		c.Dial = func(context.Context, string, string) (net.Conn, error) {
			near, far := net.Pipe()
			go echoOnce(far)
			return near, nil
		}
		source, sink := io.Pipe()
		go func() {
			for range 4 {
				time.Sleep(60 * time.Millisecond)
				io.WriteString(sink, "halo")
			}
			sink.Close()
		}()
		r := httptest.NewRequest("POST", "/", source)
		r.ContentLength = -1
		res, err := c.Do(r, &url.URL{Scheme: "http", Host: "asal"}, 50*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if body, err := io.ReadAll(res.Body); err != nil || string(body) != "halohalohalohalo" {
			t.Errorf("%q %v", body, err)
		}
	})
}

// echoOnce answers one request with its body.
func echoOnce(c net.Conn) {
	defer c.Close()
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return
	}
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(body), body)
}

func TestAContextEndsACall(t *testing.T) {
	for name, text := range map[string]string{"before the head": "", "within the body": "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalo"} {
		t.Run(name, func(t *testing.T) {
			release := make(chan struct{})
			asked := make(chan struct{}, 1)
			to := origin(t, func(n int, c net.Conn) {
				scripted(text)(n, c)
				asked <- struct{}{}
				<-release
			})
			defer close(release)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-asked
				cancel()
			}()
			res, err := client(t).Do(httptest.NewRequest("GET", "/", nil).WithContext(ctx), to, patience)
			if err == nil {
				_, err = io.ReadAll(res.Body)
				res.Body.Close()
			}
			if err == nil {
				t.Error("went on")
			}
		})
	}
}
