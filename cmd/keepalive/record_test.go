package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readPNG(t *testing.T, file string) image.Image {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	img, err := png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	return img
}

func names(t *testing.T, dir string) (all []string) {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestTheScreenshotIsTheRecordedFrameOfThatTime(t *testing.T) {
	t.Setenv("DISPLAY", "")
	dir := t.TempDir()
	same := []string{"view", "gallery", "--dark", "--size", "900x480", "--scale", "1.5", "--speed", "0.2"}
	for _, more := range [][]string{
		{"--record", filepath.Join(dir, "race.png"), "--from", "1000", "--to", "1040"},
		{"--screenshot", filepath.Join(dir, "one.png"), "--at", "1020"},
		{"--screenshot", filepath.Join(dir, "one.svg"), "--at", "1020"},
	} {
		status, out, errs := command(append(same, more...)...)
		require.Equal(t, exitFine, status, errs)
		require.Empty(t, out)
	}
	require.Equal(t, []string{"one.png", "one.svg", "race-0001.png", "race-0002.png", "race-0003.png", "race-0004.png", "race-0005.png"}, names(t, dir))
	one, frame := readPNG(t, filepath.Join(dir, "one.png")), readPNG(t, filepath.Join(dir, "race-0003.png"))
	require.Equal(t, image.Rect(0, 0, 1350, 720), one.Bounds())
	require.Equal(t, one, frame)
	require.NotEqual(t, one, readPNG(t, filepath.Join(dir, "race-0004.png")))
	drawing, err := os.ReadFile(filepath.Join(dir, "one.svg"))
	require.NoError(t, err)
	require.Contains(t, string(drawing), ">1\u2009020 ms</text>")
}

func TestARecordingIsAnAnimationOfTheSizeAskedFor(t *testing.T) {
	t.Setenv("DISPLAY", "")
	file := filepath.Join(t.TempDir(), "race.GIF")
	status, _, errs := command("view", "gallery", "--record", file, "--to", "200", "--size", "640x760", "--fps", "10", "--speed", "0.1")
	require.Equal(t, exitFine, status, errs)
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	g, err := gif.DecodeAll(bytes.NewReader(data))
	require.NoError(t, err)
	require.Len(t, g.Image, 21, "200 ms in two seconds at ten frames each, and the end")
	require.Equal(t, 10, g.Delay[0])
	require.Equal(t, 640, g.Config.Width)
	require.Equal(t, 760, g.Config.Height)
	require.IsType(t, color.Palette{}, g.Config.ColorModel)
}

// Ctrl-C while frames are written leaves what was there before, and nothing else.
func TestARecordingThatIsStoppedLeavesNoFile(t *testing.T) {
	for _, name := range []string{"race.gif", "race.png"} {
		dir := t.TempDir()
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan int)
		var out, errs bytes.Buffer
		go func() {
			done <- runIn(ctx, []string{"view", "gallery", "--record", filepath.Join(dir, name), "--speed", "0.02", "--scale", "2"}, nil, &out, &errs)
		}()
		require.Eventually(t, func() bool { return len(names(t, dir)) > 0 }, 2*time.Minute, time.Millisecond)
		stop()
		require.Equal(t, exitFailed, <-done)
		assert.Contains(t, errs.String(), "stopped before the end")
		assert.Empty(t, names(t, dir))
	}
}

func TestARecordingThatCannotBeWrittenFails(t *testing.T) {
	status, _, errs := command("view", "gallery", "--record", filepath.Join(t.TempDir(), "none", "race.gif"))
	require.Equal(t, exitFailed, status)
	require.Contains(t, errs, "no such file or directory")
}

func TestAPictureShowsAViewAndWhatIsChosen(t *testing.T) {
	t.Setenv("DISPLAY", "")
	dir := t.TempDir()
	shot := func(name string, more ...string) string {
		file := filepath.Join(dir, name)
		status, _, errs := command(append([]string{"view", "gallery", "--at", "800", "--screenshot", file}, more...)...)
		require.Equal(t, exitFine, status, errs)
		return file
	}
	plain, ladder := readPNG(t, shot("plain.png")), readPNG(t, shot("ladder.png", "--view", "ladder"))
	require.Greater(t, ladder.Bounds().Dy(), plain.Bounds().Dy()+200, "the view has room of its own")
	require.NotEqual(t, ladder, readPNG(t, shot("requests.png", "--view", "requests", "--size", "1392x"+strconv.Itoa(ladder.Bounds().Dy()))))
	drawing, err := os.ReadFile(shot("chosen.svg", "--choose", "A:request:4", "--theme", "projector"))
	require.NoError(t, err)
	require.Contains(t, string(drawing), ">GET /4 HTTP/1.1</text>")
	require.Contains(t, string(drawing), ">A: request 4, GET /4")
	require.Contains(t, string(drawing), `fill="#FFFFFF"`)
}

func TestWhatViewCannotShowIsToldWithWhatItCan(t *testing.T) {
	for _, c := range []struct{ flag, value, want string }{
		{"view", "tree", `--view: want none, ladder, requests, connections, window, sequence, server, got "tree"`},
		{"theme", "sepia", `--theme: want light, dark, projector, got "sepia"`},
		{"choose", "A:parcel:1", `--choose: want a lane, a packet, request or connection, and its number, such as A:packet:12, got "A:parcel:1"`},
		{"choose", "A:packet:99999", "--choose: there is no A:packet:99999 in this race"},
		{"choose", "C:packet:1", "--choose: there is no C:packet:1 in this race"},
	} {
		status, _, errs := command("view", "gallery", "--screenshot", filepath.Join(t.TempDir(), "x.png"), "--"+c.flag, c.value)
		require.Equal(t, exitBadInput, status)
		require.Contains(t, errs, c.want)
	}
	status, _, errs := command("view", "gallery", "--screenshot", filepath.Join(t.TempDir(), "x.png"), "--view", "ladder", "--size", "900x420")
	require.Equal(t, exitBadInput, status)
	require.Contains(t, errs, "no room for a view beneath the lanes (2)")
}
