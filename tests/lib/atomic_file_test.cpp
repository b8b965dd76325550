#include "io/atomic_file.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "io/hdf5_file.hpp"
#include "scratch.hpp"

using namespace photonlink;
namespace fs = std::filesystem;
using test::Scratch;
using test::text_of;

namespace {

/// Runs `action` in a child whose files may not grow beyond 4 kB; true when it ends with IoError naming
/// `fix`.
template <class Action>
bool fails_under_size_limit(const std::string& fix, Action action) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit limit{4096, 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      action();
    } catch (const IoError& error) {
      _exit(std::string(error.what()).find(fix) != std::string::npos ? 7 : 2);
    }
    _exit(1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 7;
}

}  // namespace

TEST_CASE("atomic file: the new content replaces the old, no temporary stays") {
  const Scratch scratch;
  write_file_atomically(scratch.file("a.json"), "old");
  write_file_atomically(scratch.file("a.json"), "new");
  CHECK(text_of(scratch.file("a.json")) == "new");
  CHECK(scratch.entries() == 1);
}

TEST_CASE("atomic file: a file size limit keeps the old file, removes the temporary and names the fix") {
  const Scratch scratch;
  write_file_atomically(scratch.file("a.json"), "old");
  CHECK(fails_under_size_limit(
      "ulimit -f", [&] { write_file_atomically(scratch.file("a.json"), std::string(100000, 'x')); }));
  CHECK(text_of(scratch.file("a.json")) == "old");
  CHECK(scratch.entries() == 1);
}

TEST_CASE("atomic file: writers in many threads meet a size limit, and none ends the process") {
  const Scratch scratch;
  CHECK(fails_under_size_limit("ulimit -f", [&] {
    std::atomic<int> refused{0};
    std::vector<std::jthread> writers;
    for (int thread = 0; thread < 8; ++thread)
      writers.emplace_back([&, thread] {
        for (int repeat = 0; repeat < 50; ++repeat) try {
            write_file_atomically(scratch.file(fmt::format("{}.json", thread)), std::string(5000, 'x'));
          } catch (const IoError&) {
            ++refused;
          }
      });
    writers.clear();
    if (refused == 400) throw IoError("every write was refused for its size, as ulimit -f asks");
  }));
  CHECK(scratch.entries() == 0);
}

TEST_CASE("atomic file: missing folder, foreign folder and folder in place of a file are named") {
  const Scratch scratch;
  for (const std::string& path :
       {scratch.file("missing/a.json"), std::string("/proc/a.json"), scratch.path()}) {
    CAPTURE(path);
    try {
      write_file_atomically(path, "x");
      FAIL("wrote to an impossible path");
    } catch (const IoError& error) {
      CHECK(std::string(error.what()).find(path) != std::string::npos);
      CHECK(std::string(error.what()).find("; ") != std::string::npos);
    }
  }
  CHECK(scratch.entries() == 0);
}

TEST_CASE("atomic folder: old results stay until commit and vanish with it") {
  const Scratch scratch;
  fs::create_directory(scratch.file("out"));
  write_file_atomically(scratch.file("out/old.txt"), "old");
  {
    const AtomicFolder abandoned(scratch.file("out"));
    write_file_atomically(abandoned.temporary_path() + "/new.txt", "half");
  }
  CHECK(text_of(scratch.file("out/old.txt")) == "old");
  AtomicFolder folder(scratch.file("out/"));
  write_file_atomically(folder.temporary_path() + "/new.txt", "new");
  CHECK(fs::exists(scratch.file("out/old.txt")));
  folder.commit();
  CHECK(text_of(scratch.file("out/new.txt")) == "new");
  CHECK_FALSE(fs::exists(scratch.file("out/old.txt")));
  CHECK(scratch.entries() == 1);
}

TEST_CASE("atomic folder: what a killed run left is cleaned, and results it had set aside come back") {
  const Scratch scratch;
  // A process id beyond the kernel's maximum of 2^22 is surely dead.
  fs::create_directory(scratch.file(".out.photonlink-partial-99999999-0"));
  fs::create_directory(scratch.file(".out.photonlink-partial-99999999-0-old"));
  write_file_atomically(scratch.file(".out.photonlink-partial-99999999-0-old/result.txt"), "kept");
  { const AtomicFolder folder(scratch.file("out")); }
  CHECK(text_of(scratch.file("out/result.txt")) == "kept");
  CHECK(scratch.entries() == 1);
}

TEST_CASE("atomic folder: a file in its place is refused and kept") {
  const Scratch scratch;
  write_file_atomically(scratch.file("out"), "mine");
  CHECK_THROWS_AS(AtomicFolder(scratch.file("out")), IoError);
  CHECK(text_of(scratch.file("out")) == "mine");
}
