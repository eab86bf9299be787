package provider

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// How long a call may take is told to the origin, so that it need not work on
// for somebody who has left. No standard names a field for it; Request-Timeout
// holds seconds, with up to three decimals, as several gateways have it, and gRPC
// has a field of its own (grpc-timeout, in its protocol over HTTP/2).
const (
	deadlineField = "Request-Timeout"
	grpcField     = "Grpc-Timeout"
)

// agree finds out how long the answer to a call may keep the hub waiting, and
// tells the origin. told is the text of the route's whole patience, made once.
func agree(r *http.Request, limit time.Duration, told []string) time.Duration {
	_, asked := r.Header[deadlineField]
	_, grpc := r.Header[grpcField]
	if !asked && !grpc && (r.Body == nil || r.Body == http.NoBody) { // as most calls are
		r.Header[deadlineField] = told
		return limit
	}
	left := patience(r.Header, limit)
	tell(r, left, limit, told)
	return left
}

// patience is how long the answer may keep the hub waiting: as long as the route
// allows, or less where the consumer says so.
func patience(h http.Header, limit time.Duration) time.Duration {
	asked := time.Duration(0)
	if v, ok := h[deadlineField]; ok && len(v) == 1 {
		asked = parseSeconds(v[0])
	}
	if v, ok := h[grpcField]; ok && len(v) == 1 {
		asked = parseGRPCTimeout(v[0])
	}
	if asked > 0 && asked < limit {
		return asked
	}
	return limit
}

// tell writes what is left into the request's header.
func tell(r *http.Request, left, limit time.Duration, told []string) {
	if r.Body != nil && strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") {
		delete(r.Header, deadlineField)
		r.Header[grpcField] = []string{grpcTimeout(left)}
		return
	}
	delete(r.Header, grpcField)
	if left == limit {
		r.Header[deadlineField] = told
		return
	}
	r.Header[deadlineField] = []string{seconds(left)}
}

// seconds writes a duration in seconds, rounded up to the millisecond.
func seconds(d time.Duration) string {
	ms := max((d+time.Millisecond-1)/time.Millisecond, 1)
	return strconv.FormatFloat(float64(ms)/1000, 'f', -1, 64)
}

// longestAsked bounds what is read of consumers; routes wait for 300 s at most.
const longestAsked = 24 * time.Hour

// parseSeconds reads what a consumer asks; 0 for what is no decimal number.
func parseSeconds(s string) time.Duration {
	if s == "" || len(s) > 12 || strings.Trim(s, "0123456789.") != "" {
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f <= 0 || f > longestAsked.Seconds() {
		return 0
	}
	return max(time.Duration(f*float64(time.Second)), time.Millisecond)
}

// parseGRPCTimeout reads up to eight digits and a unit; 0 for anything else.
func parseGRPCTimeout(s string) time.Duration {
	if len(s) < 2 || len(s) > 9 || strings.Trim(s[:len(s)-1], "0123456789") != "" {
		return 0
	}
	unit, ok := map[byte]time.Duration{'H': time.Hour, 'M': time.Minute, 'S': time.Second, 'm': time.Millisecond, 'u': time.Microsecond, 'n': 1}[s[len(s)-1]]
	n, err := strconv.ParseInt(s[:len(s)-1], 10, 64)
	if !ok || err != nil || n == 0 || n > int64(longestAsked/unit) {
		return 0
	}
	return max(time.Duration(n)*unit, time.Millisecond)
}

func grpcTimeout(d time.Duration) string {
	return strconv.FormatInt(max(int64((d+time.Millisecond-1)/time.Millisecond), 1), 10) + "m"
}
