package metering

import (
	"errors"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// Histogram counts durations in buckets that grow with what they count: up to 32
// µs each microsecond has its own, and beyond it each power of two is divided into
// 16. A quantile read from it is wrong by at most [QuantileError] of itself,
// whatever was counted, and two histograms add up without losing anything. Only
// buckets that hold something take room.
type Histogram struct{ buckets []bucket }

type bucket struct {
	index int32
	count int64
}

// QuantileError is the greatest error of a quantile, as a share of the true value,
// for durations of up to 71 minutes: half of a bucket's width. Below a
// microsecond the error is the microsecond.
const QuantileError = 1.0 / 32

const longest = math.MaxUint32 // µs

// Add counts one duration; one below zero counts as none at all.
func (h *Histogram) Add(d time.Duration) {
	h.put(indexOf(d), 1)
}

// Merge adds what the other counted.
func (h *Histogram) Merge(other *Histogram) {
	for _, b := range other.buckets {
		h.put(b.index, b.count)
	}
}

// put adds to a bucket; few histograms have more than a dozen.
func (h *Histogram) put(index int32, count int64) {
	low, high := 0, len(h.buckets)
	for low < high {
		if middle := (low + high) / 2; h.buckets[middle].index < index {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < len(h.buckets) && h.buckets[low].index == index {
		h.buckets[low].count += count
		return
	}
	h.buckets = append(h.buckets, bucket{})
	copy(h.buckets[low+1:], h.buckets[low:])
	h.buckets[low] = bucket{index, count}
}

// Count is how many durations were counted.
func (h *Histogram) Count() (n int64) {
	for _, b := range h.buckets {
		n += b.count
	}
	return n
}

// Quantile returns the duration that the share q, from 0 to 1, of all did not
// exceed; 0 where nothing was counted.
func (h *Histogram) Quantile(q float64) time.Duration {
	rank := int64(math.Ceil(q * float64(h.Count())))
	for _, b := range h.buckets {
		if rank -= b.count; rank <= 0 {
			return middleOf(b.index)
		}
	}
	return 0
}

// indexOf returns the bucket of a duration.
func indexOf(d time.Duration) int32 {
	us := min(uint64(max(d, 0))/1000, longest)
	if us < 16 {
		return int32(us)
	}
	power := bits.Len64(us) - 5 // us>>power is 16 to 31
	return int32(16*power + int(us>>power))
}

// middleOf returns the middle of a bucket.
func middleOf(index int32) time.Duration {
	if index < 32 {
		return time.Duration(index) * time.Microsecond
	}
	power := index/16 - 1
	first := int64(index%16+16) << power
	return time.Duration(first)*time.Microsecond + (time.Duration(1)<<power)*time.Microsecond/2
}

// mostBuckets is how many there are.
const mostBuckets = 464

// text writes the histogram as it is stored: "index:count index:count", ascending.
func (h *Histogram) text() string {
	var b []byte
	for i, k := range h.buckets {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, int64(k.index), 10)
		b = append(b, ':')
		b = strconv.AppendInt(b, k.count, 10)
	}
	return string(b)
}

var errHistogram = errors.New("a stored histogram makes no sense")

// addText adds what text wrote.
func (h *Histogram) addText(text string) error {
	for text != "" {
		var one string
		one, text, _ = strings.Cut(text, " ")
		index, count, found := strings.Cut(one, ":")
		i, wrongIndex := strconv.ParseInt(index, 10, 32)
		n, wrongCount := strconv.ParseInt(count, 10, 64)
		if !found || wrongIndex != nil || wrongCount != nil || i < 0 || i >= mostBuckets || n < 1 {
			return errHistogram
		}
		h.put(int32(i), n)
	}
	return nil
}
