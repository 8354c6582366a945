# Names the Rust target that belongs to CMake's toolchain file; nothing without one, since cargo then
# builds for this machine. Ends with an error rather than guess a machine that is not listed here.
function(otd_rust_target result)
  set(${result} "" PARENT_SCOPE)
  list(LENGTH CMAKE_OSX_ARCHITECTURES architectures)
  if(APPLE AND architectures GREATER 1)
    message(FATAL_ERROR "outgoing-to-device: one library has one architecture, "
      "CMAKE_OSX_ARCHITECTURES has ${architectures} (${CMAKE_OSX_ARCHITECTURES})")
  elseif(APPLE AND architectures EQUAL 1)
    set(processor "${CMAKE_OSX_ARCHITECTURES}")
  elseif(CMAKE_CROSSCOMPILING)
    set(processor "${CMAKE_SYSTEM_PROCESSOR}")
  else()
    return()
  endif()

  string(TOLOWER "${processor}" machine)
  if(machine STREQUAL "arm64")
    set(machine aarch64)
  elseif(machine STREQUAL "amd64")
    set(machine x86_64)
  endif()

  set(target "")
  if(machine STREQUAL "x86_64" OR machine STREQUAL "aarch64")
    if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
      # No variable of CMake tells musl from glibc; the compiler's own name for its target does.
      set(compiled_for "${CMAKE_C_COMPILER_TARGET}")
      if(NOT compiled_for)
        execute_process(COMMAND ${CMAKE_C_COMPILER} -dumpmachine OUTPUT_VARIABLE compiled_for ERROR_QUIET)
      endif()
      if(compiled_for MATCHES "musl")
        set(target ${machine}-unknown-linux-musl)
      else()
        set(target ${machine}-unknown-linux-gnu)
      endif()
    elseif(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
      set(target ${machine}-apple-darwin)
    elseif(CMAKE_SYSTEM_NAME STREQUAL "Windows" AND MSVC)
      set(target ${machine}-pc-windows-msvc)
    elseif(CMAKE_SYSTEM_NAME STREQUAL "Windows" AND machine STREQUAL "x86_64")
      set(target x86_64-pc-windows-gnu)
    endif()
  endif()
  if(NOT target)
    message(FATAL_ERROR "outgoing-to-device: no Rust target is known for CMAKE_SYSTEM_NAME "
      "\"${CMAKE_SYSTEM_NAME}\" with CMAKE_SYSTEM_PROCESSOR \"${processor}\"; "
      "name it with -DOTD_RUST_TARGET=... (`rustc --print target-list` has them)")
  endif()
  set(${result} ${target} PARENT_SCOPE)
endfunction()

# Ends with an error unless rustc knows the target and has its standard library.
function(otd_require_rust_target rustc target)
  execute_process(COMMAND ${rustc} --print target-libdir --target ${target}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    RESULT_VARIABLE status OUTPUT_VARIABLE folder OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "outgoing-to-device: ${rustc} knows no target ${target}")
  endif()
  file(GLOB core ${folder}/libcore-*.rlib)
  if(NOT core)
    message(FATAL_ERROR "outgoing-to-device: the Rust target ${target} is not installed; "
      "`rustup target add ${target}` installs it")
  endif()
endfunction()
