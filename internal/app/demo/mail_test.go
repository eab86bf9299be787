package demo

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/platform/web"
)

// What the hub writes arrives over SMTP in the mailbox, and can be read there.
func TestMailOfTheDemoStaysInTheDemo(t *testing.T) {
	box, settings, err := openMailbox()
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mailPages{box}.register(mux)
	handler := web.Localize(web.Secure(mux))
	look := func(path string) string {
		t.Helper()
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Body.String()
	}
	const warning = "Kotak surat tiruan: surat asli tidak dikirim ke mana pun"
	if page := look(MailPath); !strings.Contains(page, "Belum ada surat") || !strings.Contains(page, warning) {
		t.Error("an empty mailbox does not say so")
	}
	if err := app.TestMail(t.Context(), settings, "siti.rahma@bandungkota.go.id", simpul.Indonesian); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		MailPath:        `href="` + MailPath + `/1"`,
		MailPath + "/1": "simpul mail test",
		MailPath + "/9": "tidak ditemukan",
	} {
		if page := look(path); !strings.Contains(page, want) || path != MailPath+"/9" && (!strings.Contains(page, warning) || !strings.Contains(page, "siti.rahma@bandungkota.go.id")) {
			t.Errorf("%s does not show the message", path)
		}
	}
	if err := errors.Join(box.Close(), box.Close()); err != nil {
		t.Error(err)
	}
}

// mailStandsInTheFrame looks at the mailbox of a nation that is served.
func mailStandsInTheFrame(t *testing.T, at app.Ready) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.Control+MailPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	page, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != http.StatusOK || !strings.Contains(string(page), "Negara contoh:") || strings.Count(string(page), `href="`+MailPath+`"`) != 1 {
		t.Errorf("%v, %s", err, got.Status)
	}
}
