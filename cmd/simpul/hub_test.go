package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"simpul"
)

func TestTheTokenGoesOnlyWhereItIsSafe(t *testing.T) {
	for _, c := range []struct {
		server, token string
		insecure, ok  bool
	}{
		{"http://127.0.0.1:8081", "spt_x", false, true},
		{"http://127.9.9.9", "spt_x", false, true},
		{"http://[::1]:8081", "spt_x", false, true},
		{"http://LOCALHOST:8081", "spt_x", false, true},
		{"https://hub.go.id/simpul/", "spt_x", false, true},
		{"http://hub.go.id", "spt_x", false, false},
		{"http://10.0.0.1", "spt_x", false, false},
		{"http://localhost.evil.id", "spt_x", false, false},
		{"http://127.0.0.1.evil.id", "spt_x", false, false},
		{"http://hub.go.id", "spt_x", true, true},
		{"http://hub.go.id", "", false, true},
		{"http://hub.go.id", " \n", false, true},
		{"http://127.0.0.1:8081", "a b", false, false},
		{"http://127.0.0.1:8081", "a\r\nX: y", false, false},
		{"127.0.0.1:8081", "", false, false},
		{"localhost:8081", "", false, false},
		{"ftp://hub", "", false, false},
		{"http://", "", false, false},
		{"http://me:pw@hub.go.id", "", false, false},
		{"http://hub.go.id/?a=b", "", false, false},
		{"", "", false, false},
	} {
		_, err := hubFlags{Server: c.server, Token: simpul.Secret(c.token), InsecureHTTP: c.insecure}.open(&console{})
		if (err == nil) != c.ok {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestRequestsAreSigned(t *testing.T) {
	hub := newFakeHub(t)
	runWith(t, "", "get", "lids", "--server", hub.URL+"/", "--token", " spt_uji\n").expect(t, 0)
	for name, want := range map[string]string{"Authorization": "Bearer spt_uji", "Accept-Language": "id"} {
		if got := hub.last.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	runWith(t, "", "get", "lids", "--server", hub.URL).expect(t, 0)
	if got := hub.last.Get("Authorization"); got != "" {
		t.Errorf("without a token: %q", got)
	}
}

func TestEnvironmentNamesTheHub(t *testing.T) {
	hub := newFakeHub(t)
	var out strings.Builder
	t.Setenv("SIMPUL_SERVER", hub.URL)
	t.Setenv("SIMPUL_TOKEN", "spt_env")
	con := &console{stdout: &out, stderr: &out, lang: simpul.Indonesian}
	if status := run(t.Context(), []string{"get", "lids"}, con); status != 0 || hub.last.Get("Authorization") != "Bearer spt_env" {
		t.Errorf("exit %d, %s", status, out.String())
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	thief := newFakeHub(t)
	door := httptest.NewServer(http.RedirectHandler(thief.URL+"/api/v1/agencies", http.StatusTemporaryRedirect))
	defer door.Close()
	runWith(t, "", "get", "agencies", "--server", door.URL, "--token", "spt_uji").expect(t, 1, "mengalihkan ke", thief.URL, "--server")
	if len(thief.requests) != 0 {
		t.Error("the redirect was followed")
	}
}

func TestAnswersThatAreNotTheHubs(t *testing.T) {
	for _, c := range []struct {
		name  string
		serve http.HandlerFunc
		say   string
	}{
		{"a web page", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }, "bukan dari API kendali Simpul (HTTP 200)"},
		{"a plain 404", http.NotFound, "bukan dari API kendali Simpul (HTTP 404)"},
		{"broken JSON", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"items":[`)
		}, "tidak dapat dipahami"},
		{"a list of text", func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, map[string]any{"items": []any{"x"}}) }, ""},
		{"a problem without words", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusUnauthorized)
		}, "Unauthorized — Sebutkan token dengan --token atau SIMPUL_TOKEN."},
		{"a list that goes round", func(w http.ResponseWriter, r *http.Request) {
			reply(w, 200, map[string]any{"items": []any{}, "next": map[string]string{"": "a", "a": "b", "b": "a"}[r.URL.Query().Get("cursor")]})
		}, "berputar"},
		{"a terminal escape", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, `{"detail":"\u001b]0;x\u0007"}`)
		}, "simpul: �]0;x�\n"},
		{"an endless answer", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for block := make([]byte, 1<<20); r.Context().Err() == nil; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, "lebih besar dari 64 MiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.serve)
			defer server.Close()
			got := runWith(t, "", "get", "agencies", "--server", server.URL)
			if c.say == "" {
				got.expect(t, 0)
				return
			}
			got.expect(t, 1, c.say)
		})
	}
}

func TestWhyThereIsNoAnswer(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	runWith(t, "", "get", "agencies", "--server", gone.URL).expect(t, 1, "Apakah hub berjalan? Jalankan dengan \"simpul serve\"", "--server")

	unknown := httptest.NewUnstartedServer(http.NotFoundHandler())
	unknown.Config.ErrorLog = log.New(io.Discard, "", 0) // it would complain about the handshake
	unknown.StartTLS()
	defer unknown.Close()
	runWith(t, "", "get", "agencies", "--server", unknown.URL).expect(t, 1, "sertifikat")
}

func TestSilenceAndInterruption(t *testing.T) {
	release := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer silent.Close()
	defer close(release)
	h, err := hubFlags{Server: silent.URL}.open(&console{})
	if err != nil {
		t.Fatal(err)
	}
	h.client.Timeout = time.Millisecond
	if _, err := h.call(t.Context(), http.MethodGet, []string{"agencies"}, nil, nil); !strings.Contains(err.(*simpul.Error).Message.EN, "did not answer within 1ms") {
		t.Error(err)
	}
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.call(interrupted, http.MethodGet, []string{"agencies"}, nil, nil); !strings.Contains(err.(*simpul.Error).Message.EN, "Stopped before") {
		t.Error(err)
	}
}
