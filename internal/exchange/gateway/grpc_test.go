package gateway

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/httpapi"
)

func TestWhatIsGRPC(t *testing.T) {
	for kind, want := range map[string]bool{
		"application/grpc": true, "application/grpc+proto": true, "application/grpc;charset=utf-8": true,
		"application/grpc-web": false, "application/grpc-web+proto": false, "application/grpcx": false, "application/json": false, "": false,
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.ProtoMajor = 2
		r.Header.Set("Content-Type", kind)
		if callsGRPC(r) != want {
			t.Errorf("%q: %v", kind, !want)
		}
		if r.ProtoMajor = 1; callsGRPC(r) {
			t.Errorf("%q over HTTP/1.1", kind)
		}
	}
}

// Every code of the hub has one of gRPC, and what people read survives the way.
func TestRefusalsInGRPC(t *testing.T) {
	for _, code := range []simpul.Code{simpul.CodeInvalid, simpul.CodeUnauthenticated, simpul.CodeDenied, simpul.CodeNotFound, simpul.CodeMethodNotAllowed, simpul.CodeConflict,
		simpul.CodeGone, simpul.CodeTooLarge, simpul.CodeLimited, simpul.CodeInternal, simpul.CodeUpstream, simpul.CodeUnavailable, simpul.CodeTimeout, simpul.CodeAborted} {
		h := http.Header{}
		p := httpapi.ProblemOf(&simpul.Error{Code: code, Message: simpul.Text{ID: "100% ditolak\r\nX: \"é\"", EN: "x"}, Remedy: simpul.Text{ID: "Coba.", EN: "x"}}, simpul.Indonesian)
		tellGRPC(h, p)
		if statusOf(code) == 2 || h.Get("Grpc-Status") == "" || h.Get("Simpul-Code") != string(code) {
			t.Errorf("%s: %v", code, h)
		}
		said := h.Get("Grpc-Message")
		if read, err := url.PathUnescape(said); err != nil || strings.ContainsAny(said, "\r\né") || !strings.Contains(read, "100% ditolak\r\nX: \"é\" Coba.") {
			t.Errorf("%s: %q", code, said)
		}
	}
	if statusOf("new") != 2 {
		t.Error("a code that is not known")
	}
}
