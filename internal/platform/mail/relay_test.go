package mail

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// relay is a mail server that answers each command as its script says; "" hangs
// up. What the script does not name is answered politely.
type relay struct {
	listener net.Listener
	mu       sync.Mutex
	script   map[string][]string // replies to a command, one after the other, the last for ever
	seen     []string            // commands
	data     []string
}

func newRelay(t *testing.T, script map[string][]string) *relay {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{listener: listener, script: script}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			work.Go(func() { r.converse(conn) })
		}
	})
	t.Cleanup(func() { listener.Close(); work.Wait() })
	return r
}

func (r *relay) settings() Settings {
	addr := r.listener.Addr().(*net.TCPAddr)
	return Settings{Host: "127.0.0.1", Port: addr.Port, TLS: NoTLS, From: "Simpul <hub@komdigi.go.id>"}
}

func (r *relay) reply(command string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, command)
	replies, ok := r.script[command]
	if !ok {
		return map[string]string{"greeting": "220 relay", "EHLO": "250-relay\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME", "DATA": "354 go", "QUIT": "221 bye"}[command]
	}
	if len(replies) > 1 {
		r.script[command] = replies[1:]
	}
	return replies[0]
}

func (r *relay) converse(conn net.Conn) {
	defer conn.Close()
	lines := bufio.NewScanner(conn)
	say := func(command string) bool {
		reply := r.reply(command)
		switch {
		case reply == "hang":
			for lines.Scan() { // until the other side gives up
			}
			return false
		case reply == "drop":
			return false
		case reply == "":
			reply = "250 2.0.0 ok"
		}
		fmt.Fprintf(conn, "%s\r\n", reply)
		return strings.HasPrefix(reply, "3") || command != "QUIT"
	}
	if !say("greeting") {
		return
	}
	for lines.Scan() {
		command, _, _ := strings.Cut(lines.Text(), " ")
		if !say(command) {
			return
		}
		if command == "DATA" && !r.take(lines, say) {
			return
		}
	}
}

// take reads the message, and answers its end as the script says of ".".
func (r *relay) take(lines *bufio.Scanner, say func(string) bool) bool {
	var data strings.Builder
	for lines.Scan() && lines.Text() != "." {
		data.WriteString(lines.Text() + "\r\n")
	}
	r.mu.Lock()
	r.data = append(r.data, data.String())
	r.mu.Unlock()
	return say(".")
}

func (r *relay) messages() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string{}, r.data...)
}
