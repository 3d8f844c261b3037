module sluice.dev/tools/pause

go 1.25.0

tool sluice.dev/tools/pause
